"""Endings of the files that can be read, for the choice of files; the content decides what a file is."""

TABLES = ("xlsx", "xlsm", "xlsb", "xls", "et", "ods", "docx", "csv", "tsv", "txt")
LAND = ("zip", "geojson", "json", "kml", "kmz", "gpkg", "dxf")
SCHEDULES = ("xml", "pmxml", "xer")
EVERYTHING = (*TABLES, *LAND, *SCHEDULES)
