"""Everything that can go wrong while making something to print, as one tree.

    LabelError
    ├── AddressUnfit        a public address whose QR codes would be hard to scan or could not be made
    ├── SheetInvalid        a sheet whose measurements contradict each other, or a sheet file that cannot be read
    ├── SheetUnknown        a sheet name that nobody described
    ├── LabelNotAllowed     a label given something that its kind may not carry
    ├── LabelDoesNotFit     a label asked to carry more than its size can hold
    ├── LogoUnfit           a picture that cannot be printed as a one-colour logo
    ├── LanguageMissing     papers asked for in a language that has no texts
    ├── RollUnknown         a roll of a label printer that nobody described
    └── TextNotPrintable    a character that the embedded font lacks

An error's text is a whole sentence for the person at the printer: what happened, to what, and what to do next.
Nothing here touches stored data, so nothing can be lost by any of them.
"""

from __future__ import annotations


class LabelError(Exception):
    """Base of everything this package raises."""


class AddressUnfit(LabelError):
    """A public address that would make poor QR codes, with the length and the limit where length is the matter."""


class SheetInvalid(LabelError):
    """A sheet cannot be as it is described; the text names the sheet and the measurement."""


class SheetUnknown(LabelError):
    """No sheet of that name; the text lists the names there are."""


class LabelNotAllowed(LabelError):
    """A field of a label does not have the form its kind asks for; the text shows the form."""


class LogoUnfit(LabelError):
    """A picture is too large, has greys, or is no PNG; the text says how to save it."""


class LanguageMissing(LabelError):
    """No papers in that language yet; somebody must decide between English and waiting."""


class RollUnknown(LabelError):
    """No roll of that name; the text lists the names there are."""


class LabelDoesNotFit(LabelError):
    """A label is too small for what it was asked to carry; the text says what it can carry instead."""


class TextNotPrintable(LabelError):
    """A character is missing from the embedded font; the text names the character and the scripts there are."""
