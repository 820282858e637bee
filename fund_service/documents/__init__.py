"""Documents to pass round by mail, made from the same data as the pages; the same data give the same bytes.

filled.py   what stands in an application form: nothing yet, or a draft
docx.py     the form as DOCX: questions, limits, help, rules, and room to write or what was written
"""
