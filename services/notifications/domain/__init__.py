"""What must be told to whom and when; standard library alone.

times      wall clock, reminder moments, quiet hours
facts      an activity with its history, a sign-up, a message row as planning sees it
policy     the operator's choices
planning   what must exist for one sign-up now
steps      from what exists to what must exist
verdict    may a message go now
statuses   the legal moves of a message
reasons    every reason code, in words
outcomes   how a send ended, and what the row says then
calling    who has to be called on a day, and what the outcome means
posting    in working days, when a letter has to be posted
explaining the fate of a message and the reason, in sentences
completeness  is anybody forgotten
wording    the Dutch sentences
"""
