"""How large an uploaded file may be. Above these a file is an accident or an attack, not a ledger."""

MAX_BYTES = 30 * 2**20
MAX_ROWS = 120_000  # a province has up to 100 000 projects
MAX_COLUMNS = 300
MAX_CELLS = 6_000_000
MAX_UNPACKED_BYTES = 400 * 2**20
MAX_ENTRIES = 2_000
# Real ledgers unpack to 5–25 times their size; only large unpacked sizes are held against a high ratio.
MAX_RATIO = 150
RATIO_FREE_BYTES = 20 * 2**20
