package org.doorstep.home;

/** One large button: its words, its picture, what it opens (an app's package or a link, never both), and when. */
final class Tile {
    final String label;
    final String picture;
    final String packageName;
    final String link;
    /** Whose link it is: jitsi, zoom, teams, whatsapp or web; empty for any. */
    final String platform;
    final When when;

    Tile(String label, String picture, String packageName, String link, String platform, When when) {
        this.label = label;
        this.picture = picture;
        this.packageName = packageName;
        this.link = link;
        this.platform = platform;
        this.when = when;
    }
}
