package org.doorstep.home;

import android.content.Context;
import android.graphics.drawable.Drawable;
import android.graphics.drawable.GradientDrawable;
import android.graphics.drawable.StateListDrawable;
import android.text.SpannableString;
import android.text.Spanned;
import android.text.style.RelativeSizeSpan;
import android.util.TypedValue;
import android.view.Gravity;
import android.widget.Button;
import android.widget.TextView;

/** Draws words and tiles in one person's text size and contrast. */
final class Look {
    private final Context context;
    private final Configuration configuration;

    Look(Context context, Configuration configuration) {
        this.context = context;
        this.configuration = configuration;
    }

    int background() {
        return configuration.contrast.background;
    }

    /**
     * A real button, so that TalkBack, switches and keyboards know what it is; its picture is never read out. `when`
     * stands below the label in smaller letters, and may be empty.
     */
    Button tile(String label, String when, String picture) {
        Button button = new Button(context);
        button.setText(when.isEmpty() ? label : below(label, when));
        button.setContentDescription(when.isEmpty() ? label : label + ", " + when);
        button.setFocusable(true);
        button.setAllCaps(false);
        button.setTextSize(TypedValue.COMPLEX_UNIT_SP, configuration.textSizeSp);
        button.setTextColor(configuration.contrast.text);
        button.setGravity(Gravity.CENTER);
        button.setPadding(pixels(16), pixels(16), pixels(16), pixels(16));
        button.setCompoundDrawablePadding(pixels(8));
        button.setCompoundDrawables(null, picture(picture), null, null);
        button.setBackground(tileBackground());
        button.setMinHeight(pixels(120));
        return button;
    }

    private static CharSequence below(String label, String when) {
        SpannableString both = new SpannableString(label + "\n" + when);
        int start = label.length() + 1;
        both.setSpan(new RelativeSizeSpan(0.75f), start, both.length(), Spanned.SPAN_EXCLUSIVE_EXCLUSIVE);
        return both;
    }

    TextView words(String text) {
        TextView view = new TextView(context);
        view.setText(text);
        view.setTextSize(TypedValue.COMPLEX_UNIT_SP, configuration.textSizeSp);
        view.setTextColor(
                configuration.contrast == Contrast.LIGHT ? configuration.contrast.edge : configuration.contrast.text);
        view.setPadding(pixels(16), pixels(24), pixels(16), pixels(24));
        return view;
    }

    int pixels(int dp) {
        return Math.round(dp * context.getResources().getDisplayMetrics().density);
    }

    private Drawable picture(String name) {
        int id = context.getResources().getIdentifier("picture_" + name, "drawable", context.getPackageName());
        Drawable drawable = context.getDrawable(id == 0 ? R.drawable.picture_app : id).mutate();
        drawable.setTint(configuration.contrast.text);
        int size = pixels(Math.round(configuration.textSizeSp * 2));
        drawable.setBounds(0, 0, size, size);
        return drawable;
    }

    private Drawable tileBackground() {
        StateListDrawable states = new StateListDrawable();
        states.addState(new int[] {android.R.attr.state_pressed}, shape(8));
        states.addState(new int[] {android.R.attr.state_focused}, shape(8));
        states.addState(new int[] {}, shape(configuration.contrast == Contrast.YELLOW_ON_BLACK ? 2 : 0));
        return states;
    }

    private Drawable shape(int edgeDp) {
        GradientDrawable shape = new GradientDrawable();
        shape.setColor(configuration.contrast.tile);
        shape.setCornerRadius(pixels(12));
        shape.setStroke(pixels(edgeDp), configuration.contrast.edge);
        return shape;
    }
}
