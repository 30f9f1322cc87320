package org.doorstep.home;

import java.util.Locale;
import org.json.JSONException;

/** Run by check.sh on any Java: the reading of tiles.json, good and bad. */
public final class ConfigurationCheck {
    public static void main(String[] arguments) throws JSONException {
        Configuration whole =
                Configuration.parse(
                        "{\"text_size_sp\": 36, \"contrast\": \"yellow_on_black\", \"help_text\": \" Ring us. \","
                                + "\"tiles\": [{\"label\": \"Calls\", \"picture\": \"video\", \"package\": \"a.b\"},"
                                + "{\"label\": \"News\", \"link\": \"https://example.org/\"}]}");
        expect(whole.tiles.size() == 2 && whole.tiles.get(0).packageName.equals("a.b"), "two tiles");
        expect(whole.tiles.get(1).picture.equals("app"), "a tile without a picture gets the plain one");
        expect(whole.textSizeSp == 36f && whole.contrast == Contrast.YELLOW_ON_BLACK, "size and contrast");
        expect(whole.helpText.equals("Ring us."), "help text");
        expect(whole.language.isEmpty(), "no language said is the tablet's own");

        Configuration gathering =
                Configuration.parse(
                        "{\"language\": \"ur\", \"tiles\": [{\"label\": \"Music morning\", \"platform\": \"jitsi\","
                                + "\"link\": \"https://meet.example.org/Music\", \"weekday\": 2, \"at\": \"10:30\"}]}");
        expect(gathering.language.equals("ur"), "language");
        expect(gathering.tiles.get(0).platform.equals("jitsi"), "platform");
        expect(gathering.tiles.get(0).when.words(Locale.UK).equals("Tuesday 10:30"), "when");
        String odder = "{\"language\": \"../ur\", \"tiles\": [{\"label\": \"A\", \"package\": \"a\", \"weekday\": \"x\"}]}";
        expect(Configuration.parse(odder).language.isEmpty(), "an odd language is none");
        expect(Configuration.parse(odder).tiles.get(0).when.words(Locale.UK).isEmpty(), "an odd day is none");

        String one = "{\"label\": \"A\", \"package\": \"a\"}";
        StringBuilder many = new StringBuilder(one);
        for (int at = 0; at < 9; at++) {
            many.append(',').append(one);
        }
        Configuration odd =
                Configuration.parse(
                        "{\"text_size_sp\": 900, \"contrast\": \"plaid\", \"tiles\": [7, {\"label\": \"\"},"
                                + "{\"label\": \"both\", \"package\": \"a\", \"link\": \"b\"}," + many + "]}");
        expect(odd.tiles.size() == Configuration.MOST_TILES, "at most five tiles, and none that opens nothing");
        expect(odd.textSizeSp == Configuration.LARGEST_TEXT_SP && odd.contrast == Contrast.LIGHT, "odd values");

        String[] refused = {"", "[]", "{}", "{\"tiles\": []}", "{\"tiles\": \"x\"}", "{\"tiles\": [{}]}", "\u0000"};
        for (String text : refused) {
            expect(refuses(text), "refused: " + text);
        }
        System.out.println("tiles.json: all checks hold");
    }

    private static boolean refuses(String text) {
        try {
            Configuration.parse(text);
            return false;
        } catch (JSONException expected) {
            return true;
        }
    }

    private static void expect(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
