"""Notes of Anki's own image occlusion, as its editor makes them."""

from pathlib import Path

from cardwright.rehearsal.profile import Profile

PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300"><path d="M0 0h400v300z"/></svg>'


def occlusion_field(*masks: tuple[int, str]) -> str:
    """Return the field as Anki's editor writes it. masks: with their cloze numbers."""
    return "".join(f"{{{{c{number}::image-occlusion:{mask}}}}}<br>" for number, mask in masks)


def add_occlusion_note(
    profile: Profile,
    folder: Path,
    masks: str,
    header: str = "",
    extra: str = "",
    name: str = "leg.svg",
) -> int:
    """Add a note as Anki's own editor does it, and return its id."""
    path = folder / name
    path.write_bytes(PICTURE.replace(b"/></svg>", b"><title>%s</title></path></svg>" % name.encode()))
    collection = profile.collection
    collection.add_image_occlusion_notetype()
    occlusion = next(
        model.id
        for model in collection.models.all_names_and_ids()
        if (collection.models.by_name(model.name) or {}).get("originalStockKind") == 6
    )
    deck_id = collection.decks.id("Anatomy")
    assert deck_id is not None
    collection.decks.set_current(deck_id)
    collection.add_image_occlusion_note(
        notetype_id=occlusion,
        image_path=str(path),
        occlusions=masks,
        header=header,
        back_extra=extra,
        tags=["bones"],
    )
    return max(collection.find_notes(""))
