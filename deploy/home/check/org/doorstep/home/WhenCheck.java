package org.doorstep.home;

import java.util.Locale;

/** Run by check.sh: days and times, in four languages. */
public final class WhenCheck {
    public static void main(String[] arguments) {
        expect(When.of(1, "09:05"), "en-GB", "Monday 09:05");
        expect(When.of(7, ""), "en-GB", "Sunday");
        expect(When.of(2, "10:30"), "cy", "Dydd Mawrth 10:30");
        expect(When.of(2, "10:30"), "pa", "\u0a2e\u0a70\u0a17\u0a32\u0a35\u0a3e\u0a30 10:30");
        expect(When.of(2, "10:30"), "ur", "\u0645\u0646\u06af\u0644 10:30");
        expect(When.of(0, "10:30"), "en-GB", "10:30");
        expect(When.of(8, "25:00"), "en-GB", "");
        expect(When.of(-1, "ten"), "en-GB", "");
        expect(When.NEVER_SAID, "en-GB", "");
        System.out.println("days and times: all checks hold");
    }

    private static void expect(When when, String language, String words) {
        String said = when.words(Locale.forLanguageTag(language));
        if (!said.equals(words)) {
            throw new AssertionError(language + ": " + said + " instead of " + words);
        }
    }
}
