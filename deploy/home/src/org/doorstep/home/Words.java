package org.doorstep.home;

import android.content.Context;
import java.util.Locale;

/** The app's own words in the language that the bench wrote down, whatever language the tablet speaks. */
final class Words {
    private Words() {}

    /** Words that a language lacks are English; a language of right-to-left writing turns the screen round. */
    static Context in(Context base, String language) {
        if (language.isEmpty()) {
            return base;
        }
        android.content.res.Configuration configuration =
                new android.content.res.Configuration(base.getResources().getConfiguration());
        configuration.setLocale(Locale.forLanguageTag(language));
        return base.createConfigurationContext(configuration);
    }

    /** A label that is one of the app's own English words is said in the person's language. */
    static String label(Context context, String label) {
        switch (label) {
            case "Internet":
                return context.getString(R.string.internet);
            case "Photos":
                return context.getString(R.string.photos);
            case "Settings":
                return context.getString(R.string.settings);
            default:
                return label;
        }
    }

    static Locale locale(Context context) {
        return context.getResources().getConfiguration().locale;
    }

    static int direction(Context context) {
        return context.getResources().getConfiguration().getLayoutDirection();
    }
}
