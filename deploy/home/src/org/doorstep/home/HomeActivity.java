package org.doorstep.home;

import android.app.Activity;
import android.content.ActivityNotFoundException;
import android.content.Context;
import android.content.Intent;
import android.net.Uri;
import android.provider.Settings;
import android.view.View;
import android.view.ViewGroup;
import android.widget.Button;
import android.widget.LinearLayout;
import android.widget.ScrollView;
import java.util.ArrayList;
import java.util.List;

/** The home screen: at most five tiles, and Help. It looks at tiles.json whenever it comes to the front. */
public final class HomeActivity extends Activity {
    private static final int WIDE_DP = 600;

    private String shown = "";
    private String language = "";

    @Override
    protected void attachBaseContext(Context base) {
        language = ConfigurationFile.read(base).language;
        super.attachBaseContext(Words.in(base, language));
    }

    @Override
    protected void onResume() {
        super.onResume();
        String present = ConfigurationFile.stamp(this);
        // Drawing again only when the file changed leaves TalkBack where the person was.
        if (!present.equals(shown)) {
            Configuration configuration = ConfigurationFile.read(this);
            if (!configuration.language.equals(language)) {
                // A context keeps the language it was made with.
                recreate();
                return;
            }
            show(configuration);
            shown = present;
        }
    }

    @Override
    public void onBackPressed() {
        // Home is where Back ends.
    }

    private void show(Configuration configuration) {
        Look look = new Look(this, configuration);
        List<Button> buttons = new ArrayList<Button>();
        for (Tile tile : configuration.tiles) {
            String label = Words.label(this, tile.label);
            Button button = look.tile(label, tile.when.words(Words.locale(this)), tile.picture);
            button.setOnClickListener(opener(tile));
            buttons.add(button);
        }
        buttons.add(helpTile(look));
        inOrder(buttons);
        ScrollView scroll = new ScrollView(this);
        scroll.setFillViewport(true);
        scroll.setLayoutDirection(Words.direction(this));
        scroll.setBackgroundColor(look.background());
        scroll.addView(grid(buttons, look));
        setContentView(scroll);
        getWindow().setStatusBarColor(look.background());
        getWindow().setNavigationBarColor(look.background());
    }

    /** TalkBack, a switch and the keys of a keyboard all go from tile to tile in the order they are read. */
    private static void inOrder(List<Button> buttons) {
        for (Button button : buttons) {
            button.setId(View.generateViewId());
        }
        for (int at = 1; at < buttons.size(); at++) {
            buttons.get(at).setAccessibilityTraversalAfter(buttons.get(at - 1).getId());
            buttons.get(at - 1).setNextFocusForwardId(buttons.get(at).getId());
        }
    }

    private View grid(List<Button> buttons, Look look) {
        int columns = getResources().getConfiguration().screenWidthDp >= WIDE_DP ? 3 : 2;
        LinearLayout rows = new LinearLayout(this);
        rows.setOrientation(LinearLayout.VERTICAL);
        rows.setPadding(look.pixels(12), look.pixels(12), look.pixels(12), look.pixels(12));
        LinearLayout row = null;
        for (int at = 0; at < buttons.size(); at++) {
            if (at % columns == 0) {
                row = new LinearLayout(this);
                rows.addView(row, new LinearLayout.LayoutParams(ViewGroup.LayoutParams.MATCH_PARENT, 0, 1f));
            }
            LinearLayout.LayoutParams place =
                    new LinearLayout.LayoutParams(0, ViewGroup.LayoutParams.MATCH_PARENT, 1f);
            place.setMargins(look.pixels(8), look.pixels(8), look.pixels(8), look.pixels(8));
            row.addView(buttons.get(at), place);
        }
        return rows;
    }

    private Button helpTile(Look look) {
        Button help = look.tile(getString(R.string.help), "", "help");
        help.setOnClickListener(
                new View.OnClickListener() {
                    @Override
                    public void onClick(View view) {
                        startActivity(new Intent(HomeActivity.this, HelpActivity.class));
                    }
                });
        return help;
    }

    private View.OnClickListener opener(final Tile tile) {
        return new View.OnClickListener() {
            @Override
            public void onClick(View view) {
                open(tile);
            }
        };
    }

    private void open(Tile tile) {
        boolean opened = tile.link.isEmpty() ? start(appIntent(tile.packageName)) : join(tile);
        if (!opened) {
            startActivity(new Intent(this, HelpActivity.class).putExtra(HelpActivity.WORDS, missing(tile)));
        }
    }

    private boolean join(Tile tile) {
        for (Join.Way way : Join.ways(tile.platform, tile.link)) {
            Intent intent = new Intent(Intent.ACTION_VIEW, Uri.parse(way.address));
            if (start(way.packageName.isEmpty() ? intent : intent.setPackage(way.packageName))) {
                return true;
            }
        }
        return false;
    }

    private String missing(Tile tile) {
        String label = Words.label(this, tile.label);
        String app = Join.appName(tile.platform);
        return app.isEmpty() ? getString(R.string.not_here, label) : getString(R.string.needs_app, label, app);
    }

    private boolean start(Intent intent) {
        if (intent == null) {
            return false;
        }
        try {
            startActivity(intent.addFlags(Intent.FLAG_ACTIVITY_NEW_TASK));
            return true;
        } catch (ActivityNotFoundException | SecurityException error) {
            // The next way is tried, and after the last one the person is told in words they can use.
            return false;
        }
    }

    private Intent appIntent(String packageName) {
        if (packageName.equals("com.android.settings")) {
            return new Intent(Settings.ACTION_SETTINGS);
        }
        return getPackageManager().getLaunchIntentForPackage(packageName);
    }
}
