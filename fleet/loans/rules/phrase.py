"""The words of which one is agreed with a person, for the courier to say at their door."""

from __future__ import annotations

DOORSTEP_WORDS = (
    *("acorn", "almond", "apricot", "badger", "bagpipe", "barley", "basket", "beacon", "biscuit", "blanket"),
    *("bluebell", "bramble", "bucket", "butter", "button", "candle", "carpet", "carrot", "castle", "cherry"),
    *("cinnamon", "clover", "compass", "cottage", "cricket", "daisy", "dolphin", "donkey", "feather", "fiddle"),
    *("garden", "ginger", "hazelnut", "hedgehog", "honey", "jigsaw", "kettle", "ladder", "lantern", "lavender"),
    *("lemon", "marble", "marmalade", "meadow", "mitten", "mushroom", "nutmeg", "orchard", "otter", "paddle"),
    *("parsley", "peanut", "pebble", "pepper", "piano", "pillow", "pumpkin", "puzzle", "rabbit", "raspberry"),
    *("ribbon", "robin", "rocket", "saddle", "saffron", "sandal", "scarf", "shepherd", "sparrow", "squirrel"),
    *("sunflower", "teapot", "thimble", "thistle", "ticket", "toffee", "trumpet", "tulip", "velvet", "violin"),
    *("waffle", "walnut", "whistle", "willow", "window", "winter"),
)
"""Words agreed for the door: easy to hear, to say and to remember, and of no meaning to anybody else."""
