"""The label of a tablet that is in somebody's hand, scanned or typed into a form about one loan."""

from __future__ import annotations

from sqlalchemy.orm import Session

from fleet.errors import BadInput, NotFound
from fleet.http.forms import Form
from fleet.tags import service as tags


def scanned(session: Session, form: Form, name: str, unsaid: dict[str, str]) -> int:
    """The tablet whose label was scanned into this field; 0 where there is none, and `unsaid` says why."""
    if not form.get(name):
        unsaid[name] = "Scan the label, or type its code."
        return 0
    try:
        tag = tags.lookup(session, form.get(name))
    except BadInput as problem:
        unsaid[name] = problem.fields["code"]
    except NotFound as problem:
        unsaid[name] = problem.message
    else:
        if tag.tablet_id is not None:
            return tag.tablet_id
        unsaid[name] = "This label is on no tablet yet."
    return 0
