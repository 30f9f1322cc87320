package org.doorstep.home;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;

/**
 * What the bench wrote for this person, read from JSON. It knows no screen, so that it can be checked off a tablet.
 * A field that is missing or odd takes its default; only text that is no JSON object, or has no usable tile, is refused.
 */
final class Configuration {
    /** Help is the sixth. */
    static final int MOST_TILES = 5;
    static final float SMALLEST_TEXT_SP = 18f;
    static final float LARGEST_TEXT_SP = 60f;
    static final float USUAL_TEXT_SP = 28f;

    final List<Tile> tiles;
    final float textSizeSp;
    final Contrast contrast;
    /** Empty where the app's own words are to be used. */
    final String helpText;
    /** Such as pa; empty for the language that the tablet speaks. */
    final String language;

    Configuration(List<Tile> tiles, float textSizeSp, Contrast contrast, String helpText, String language) {
        this.tiles = Collections.unmodifiableList(tiles);
        this.textSizeSp = textSizeSp;
        this.contrast = contrast;
        this.helpText = helpText;
        this.language = language;
    }

    static Configuration parse(String text) throws JSONException {
        JSONObject root = new JSONObject(text);
        List<Tile> tiles = tiles(root.optJSONArray("tiles"));
        if (tiles.isEmpty()) {
            throw new JSONException("no usable tile");
        }
        double size = root.optDouble("text_size_sp", USUAL_TEXT_SP);
        float textSize = (float) Math.max(SMALLEST_TEXT_SP, Math.min(LARGEST_TEXT_SP, size));
        return new Configuration(
                tiles,
                textSize,
                Contrast.named(root.optString("contrast")),
                root.optString("help_text").trim(),
                language(root.optString("language").trim()));
    }

    private static String language(String tag) {
        return tag.matches("[a-z]{2,3}(-[A-Za-z0-9]{2,8})*") ? tag : "";
    }

    private static List<Tile> tiles(JSONArray entries) {
        List<Tile> tiles = new ArrayList<Tile>();
        for (int at = 0; entries != null && at < entries.length() && tiles.size() < MOST_TILES; at++) {
            JSONObject entry = entries.optJSONObject(at);
            Tile tile = entry == null ? null : tile(entry);
            if (tile != null) {
                tiles.add(tile);
            }
        }
        return tiles;
    }

    private static Tile tile(JSONObject entry) {
        String label = entry.optString("label").trim();
        String packageName = entry.optString("package").trim();
        String link = entry.optString("link").trim();
        if (label.isEmpty() || packageName.isEmpty() == link.isEmpty()) {
            return null;
        }
        return new Tile(
                label,
                entry.optString("picture", "app").trim(),
                packageName,
                link,
                entry.optString("platform").trim(),
                When.of(entry.optInt("weekday"), entry.optString("at").trim()));
    }
}
