"""Projects handed to other systems as an OC4IDS package."""

from core.domain.errors import NotFound
from core.domain.ledger import Listing, ProjectFilter
from core.domain.permissions import Actor, Permission, require
from core.exporters.files import ExportFile
from core.exporters.oc4ids import JSON_TYPE, Package, SharedProject, build_package
from core.services import figures
from core.services.export_notes import note_export
from core.settings import get_settings
from db.queries.shared_projects import list_shared
from db.session import current_store, read

EVERYTHING = ProjectFilter(listing=Listing.ALL)


def export_oc4ids(actor: Actor, wanted: ProjectFilter = EVERYTHING, note: str = "") -> ExportFile:
    """
    Return the projects inside the actor's scope that match as an OC4IDS package; the export is audited.

    Args:
        note: The filter in words, kept in the audit.

    Raises:
        PermissionDenied: The actor may not export.
        NotFound: There is no project to export; the standard refuses an empty package.
    """
    require(actor, Permission.EXPORT)
    require(actor, Permission.VIEW_PROJECTS)
    settings, version = get_settings(), figures.version()
    with read() as connection:
        projects = [SharedProject(*row) for row in list_shared(connection, actor.scope, wanted, version.as_of.year)]
    if not projects:
        raise NotFound("没有可以导出的项目。请放宽筛选条件，或先导入项目台账。")
    name = f"{settings.city_name}项目OC4IDS_{version.stamp}.json"
    uri = f"{settings.address}/oc4ids/{version.key}"
    package = Package(uri, settings.city_name, current_store().clock(), settings.oc4ids_prefix)
    content = build_package(projects, package)
    note_export(actor, "oc4ids", "json", {"rows": len(projects), "filter": note, "as_of": version.on})
    return ExportFile(name, JSON_TYPE, content, len(projects))
