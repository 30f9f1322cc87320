package org.doorstep.home;

import android.app.Activity;
import android.content.Context;
import android.os.Bundle;
import android.view.View;
import android.widget.Button;
import android.widget.LinearLayout;
import android.widget.ScrollView;

/** Words for somebody who is stuck, and one large way back. */
public final class HelpActivity extends Activity {
    static final String WORDS = "words";

    @Override
    protected void attachBaseContext(Context base) {
        super.attachBaseContext(Words.in(base, ConfigurationFile.read(base).language));
    }

    @Override
    protected void onCreate(Bundle saved) {
        super.onCreate(saved);
        setTitle(R.string.help);
        Configuration configuration = ConfigurationFile.read(this);
        Look look = new Look(this, configuration);
        LinearLayout column = new LinearLayout(this);
        column.setOrientation(LinearLayout.VERTICAL);
        column.setPadding(look.pixels(24), look.pixels(24), look.pixels(24), look.pixels(24));
        column.addView(look.words(words(configuration)));
        column.addView(backTile(look));
        ScrollView scroll = new ScrollView(this);
        scroll.setFillViewport(true);
        scroll.setLayoutDirection(Words.direction(this));
        scroll.setBackgroundColor(look.background());
        scroll.addView(column);
        setContentView(scroll);
    }

    private String words(Configuration configuration) {
        String given = getIntent().getStringExtra(WORDS);
        if (given != null) {
            return given;
        }
        return configuration.helpText.isEmpty() ? getString(R.string.help_text) : configuration.helpText;
    }

    private Button backTile(Look look) {
        Button back = look.tile(getString(R.string.back), "", "home");
        back.setOnClickListener(
                new View.OnClickListener() {
                    @Override
                    public void onClick(View view) {
                        finish();
                    }
                });
        return back;
    }
}
