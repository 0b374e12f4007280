"""What is published of a year: which tables, who stands behind each figure, and what is kept beside them.

records         a publication and its tables as they are kept
"""
