"""A partner's spreadsheet becomes events: read, checked, posted, and taken back where that is possible.

reading    bytes as rows of text          values, times   what stands in one cell
columns    a header as known columns      layouts         which columns each kind of sheet has
rows       rows as facts, faults by cell  series          a rule as its activities
secret     numbers nobody can guess back  earlier         what the service knew before
memory     what a file has told before    vanished        days a rule has no longer
undo       counter-events                 loading         check, post, remember
"""
