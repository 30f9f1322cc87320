package org.doorstep.home;

/** One large button: its words, its picture, and what it opens (an app's package or a link, never both). */
final class Tile {
    final String label;
    final String picture;
    final String packageName;
    final String link;

    Tile(String label, String picture, String packageName, String link) {
        this.label = label;
        this.picture = picture;
        this.packageName = packageName;
        this.link = link;
    }
}
