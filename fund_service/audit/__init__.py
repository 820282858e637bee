"""What auditors prove: the witness log over the fund's log, its checkpoints, and bundles that anybody can verify.

offline/   everything that verifies: the standard library alone, and handed out as one file with each bundle
"""
