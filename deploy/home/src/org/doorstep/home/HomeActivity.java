package org.doorstep.home;

import android.app.Activity;
import android.content.ActivityNotFoundException;
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

/** The home screen: at most six tiles and Help. It looks at tiles.json whenever it comes to the front. */
public final class HomeActivity extends Activity {
    private static final int WIDE_DP = 600;

    private String shown = "";

    @Override
    protected void onResume() {
        super.onResume();
        String present = ConfigurationFile.stamp(this);
        // Drawing again only when the file changed leaves TalkBack where the person was.
        if (!present.equals(shown)) {
            show(ConfigurationFile.read(this));
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
            Button button = look.tile(tile.label, tile.picture);
            button.setOnClickListener(opener(tile));
            buttons.add(button);
        }
        buttons.add(helpTile(look));
        ScrollView scroll = new ScrollView(this);
        scroll.setFillViewport(true);
        scroll.setBackgroundColor(look.background());
        scroll.addView(grid(buttons, look));
        setContentView(scroll);
        getWindow().setStatusBarColor(look.background());
        getWindow().setNavigationBarColor(look.background());
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
        Button help = look.tile(getString(R.string.help), "help");
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
        Intent intent = intentFor(tile);
        try {
            if (intent != null) {
                startActivity(intent.addFlags(Intent.FLAG_ACTIVITY_NEW_TASK));
                return;
            }
        } catch (ActivityNotFoundException | SecurityException error) {
            // Told below in words the person can use.
        }
        startActivity(
                new Intent(this, HelpActivity.class)
                        .putExtra(HelpActivity.WORDS, getString(R.string.not_here, tile.label)));
    }

    private Intent intentFor(Tile tile) {
        if (!tile.link.isEmpty()) {
            return new Intent(Intent.ACTION_VIEW, Uri.parse(tile.link));
        }
        if (tile.packageName.equals("com.android.settings")) {
            return new Intent(Settings.ACTION_SETTINGS);
        }
        return getPackageManager().getLaunchIntentForPackage(tile.packageName);
    }
}
