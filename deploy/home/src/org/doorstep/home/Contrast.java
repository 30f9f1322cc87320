package org.doorstep.home;

/** Pairs of colours, each at least 7 : 1 between text and tile. */
enum Contrast {
    LIGHT(0xFFF3F2F1, 0xFF0B3C5D, 0xFFFFFFFF, 0xFF0B0C0C),
    DARK(0xFF0B0C0C, 0xFF2B2D2F, 0xFFFFFFFF, 0xFFFFDD00),
    YELLOW_ON_BLACK(0xFF000000, 0xFF000000, 0xFFFFFF00, 0xFFFFFFFF);

    final int background;
    final int tile;
    final int text;
    final int edge;

    Contrast(int background, int tile, int text, int edge) {
        this.background = background;
        this.tile = tile;
        this.text = text;
        this.edge = edge;
    }

    static Contrast named(String name) {
        for (Contrast contrast : values()) {
            if (contrast.name().equalsIgnoreCase(name)) {
                return contrast;
            }
        }
        return LIGHT;
    }
}
