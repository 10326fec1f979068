"""An edit list in the format that is asked for."""

from app.exporting.export_request import ExportKind
from app.exporting.timelines.edit_list import EditList
from app.exporting.timelines.edl import as_edls
from app.exporting.timelines.fcpxml import as_fcpxml
from app.exporting.timelines.otio_timeline import as_otio
from app.exporting.timelines.xmeml import as_xmeml


def timeline_files(edits: EditList, kind: ExportKind) -> list[bytes]:
    """The files of a timeline, one but for long EDLs.

    Raises:
        ValueError: the format is none of a timeline.
    """
    match kind:
        case ExportKind.OTIO:
            return [as_otio(edits)]
        case ExportKind.FCPXML:
            return [as_fcpxml(edits)]
        case ExportKind.XMEML:
            return [as_xmeml(edits)]
        case ExportKind.EDL:
            return as_edls(edits)
        case _:
            raise ValueError(f"{kind} is no timeline")
