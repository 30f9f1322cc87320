package org.doorstep.home;

import java.text.DateFormatSymbols;
import java.util.Locale;

/** A day of the week and a time, as far as they are known; said in the person's language. */
final class When {
    static final When NEVER_SAID = new When(0, "");

    /** 1 is Monday, 7 Sunday, 0 none. */
    private final int weekday;
    private final String at;

    private When(int weekday, String at) {
        this.weekday = weekday;
        this.at = at;
    }

    /** What is odd counts as not said. */
    static When of(int weekday, String at) {
        boolean isTime = at.matches("([01][0-9]|2[0-3]):[0-5][0-9]");
        return new When(weekday >= 1 && weekday <= 7 ? weekday : 0, isTime ? at : "");
    }

    /** Such as Tuesday 10:30; empty where nothing was said. */
    String words(Locale locale) {
        // Java counts from Sunday, which is 1.
        String day = weekday == 0 ? "" : new DateFormatSymbols(locale).getWeekdays()[weekday % 7 + 1];
        return (day + " " + at).trim();
    }
}
