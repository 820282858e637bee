"""Files that people attach: taken in, looked at, scanned, kept under the digest of their content, given out again.

kinds.py      the kinds that are taken, by the ending of a file's name
looking.py    whether a content is of the kind that its name says; containers.py, inside DOCX, ODT, XLSX, ODS
scanning.py   the virus scanner: ClamAV by a setting, or none, which is said
contents.py   the content store: a folder, or by a setting any store that speaks S3 (s3_contents.py)
attachments.py  all of it together, between the request and the fund's door
recorded.py   what the log says is attached, compared with what is there
"""
