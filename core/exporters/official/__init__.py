"""Official documents (公文, GB/T 9704-2012): blocks of content, and their writers for Word, PDF and plain text.

A document is a tuple of blocks (``blocks.py``). ``word.write_word`` makes the docx, ``pdf.write_pdf`` the PDF,
``plain.plain_text`` the words alone. Equal blocks give equal bytes.
"""
