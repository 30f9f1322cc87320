"""Text in any of our borrowers' scripts, set as a reader of it expects: order, joined forms, lines, words in the file.

HarfBuzz chooses and places the forms of letters; `bidi` puts right-to-left and left-to-right text in order. reportlab
can shape too, but it cuts text at spaces, gives letters private numbers that no reader of the file understands, and
keeps those numbers from one document to the next.
"""
