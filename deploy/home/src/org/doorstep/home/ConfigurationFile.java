package org.doorstep.home;

import android.content.Context;
import android.util.Log;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.json.JSONException;

/**
 * Where the bench puts tiles.json: the app's own folder on shared storage, which adb may write and which the app may
 * read without any permission on every Android since 4.4. The app makes the folder itself, since on Android 11 and
 * later a folder made there by adb may not be readable for the app: start the app once, then push the file.
 */
final class ConfigurationFile {
    private static final String NAME = "tiles.json";
    private static final int MOST_BYTES = 64 * 1024;
    private static final String TAG = "DoorstepHome";

    private ConfigurationFile() {}

    /** Changes when the file does; never empty. */
    static String stamp(Context context) {
        File file = place(context);
        return file == null ? "none" : file.lastModified() + "/" + file.length();
    }

    static Configuration read(Context context) {
        File file = place(context);
        try {
            if (file != null && file.isFile()) {
                return Configuration.parse(text(file));
            }
        } catch (IOException | JSONException error) {
            // A person must never meet an empty screen: the default tiles stand in, and the log says why. It says no
            // more than the kind of error, for a parser's message repeats the text, and a link may hold a password.
            Log.w(TAG, "tiles.json cannot be used: " + error.getClass().getSimpleName());
        }
        return usual(context);
    }

    /** Null while the shared storage is not mounted. Asking for it makes the folder. */
    private static File place(Context context) {
        File folder = context.getExternalFilesDir(null);
        return folder == null ? null : new File(folder, NAME);
    }

    static Configuration usual(Context context) {
        List<Tile> tiles = new ArrayList<Tile>();
        tiles.add(usual(context.getString(R.string.internet), "internet", "", "https://www.nhs.uk/"));
        tiles.add(usual(context.getString(R.string.photos), "photos", "com.google.android.apps.photos", ""));
        tiles.add(usual(context.getString(R.string.settings), "settings", "com.android.settings", ""));
        return new Configuration(tiles, Configuration.USUAL_TEXT_SP, Contrast.LIGHT, "", "");
    }

    private static Tile usual(String label, String picture, String packageName, String link) {
        return new Tile(label, picture, packageName, link, "", When.NEVER_SAID);
    }

    private static String text(File file) throws IOException {
        if (file.length() > MOST_BYTES) {
            throw new IOException("it has " + file.length() + " bytes");
        }
        byte[] data = new byte[(int) file.length()];
        int filled = 0;
        try (FileInputStream input = new FileInputStream(file)) {
            int count = input.read(data, filled, data.length - filled);
            while (count > 0) {
                filled += count;
                count = input.read(data, filled, data.length - filled);
            }
        }
        return new String(data, 0, filled, "UTF-8");
    }
}
