"""What the public may see of figures about people (contract section 5, reporting guide 4); no clock, no chance, no I/O.

cells           a figure with what is known of it, and what is shown of it
rules           each figure by itself: threshold, partner subtraction, rounding, exact totals that stay
natures         how the figures of an indicator add up: over groupings, over time, with other indicators
relations       what a reader can calculate with: the relations between the cells of a year
net             limits between figures and their wholes, by number
bounds          integer intervals tightened over relations until nothing moves
web             the cells of one family of indicators, numbered, with their relations and true values
views           what the public and each partner know before they calculate
audit           hidden figures that a reader can calculate too well
complementary   the whole rule: hide more until the auditor is content
"""
