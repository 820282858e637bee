"""The editions: one file for each, with everything that a call is published with.

    loader.py         from an edition file to `CallRules`, or one clear sentence with the file, the line and the cure
    calibrating.py    the calibration example of an edition, in calibration/: invented, and part of no call
    comparing.py      what an edition says otherwise than another; the text of the one that follows from it
    clocks.py         its calendar as stretches on a picture, and what moves when it is corrected
    playing.py        its calendar played before it is published, in a supposed world
    fitting.py        dates and sums that cannot be meant: warnings before a call is published
    iurc-2026.yaml    the edition of 2026

An edition says of each value where it comes from: the programme, a grant rule, a default of ours or an example of ours.
"""
