"""What is published of a year: which numbers, who stands behind each figure, and what is kept.

parts           the numbers that are published, a rate as its two sides, and who stands behind each
counting        from facts to the cells of all tables
showing         what is shown of them, and what the auditor finds in it
records         a publication and its tables as they are kept
timing          on which day the timer publishes
"""
