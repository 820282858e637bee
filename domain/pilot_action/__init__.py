"""The pilot action and the versions of its application.

case.py         what every decision looks at
drafting.py     proposed, and drafted section by section
attaching.py    files, and proofs of what was recorded on behalf of a member
submitting.py   versions put forward, confirmed, submitted, withdrawn
letters.py      a partner that confirms by a scanned letter
places.py       the one place of an entity in a line, and which application it chooses
experts.py      who stands behind it without being its applicant
checking.py     after closing: admissible or not, eligible or not
taking_out.py   between the check and the release: out of the competition after all
events.py  commands.py  aggregate.py   as everywhere in the domain
"""
