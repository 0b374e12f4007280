"""The Dutch words of a message (B1, with u), from one source for every way out.

dutch    a moment, a place, a number, a greeting, one line of free text
kinds    what each kind of message tells, in sentences
words    a mail or a letter: a subject, paragraphs, facts
sms      a text message of one segment
gsm      the alphabet of text messages
spoken   what to say on the phone
"""

from services.notifications.domain.wording.dutch import day_and_time, greeting, one_line, where
from services.notifications.domain.wording.sms import sms_text
from services.notifications.domain.wording.spoken import spoken_text
from services.notifications.domain.wording.words import Words, words

__all__ = ["Words", "day_and_time", "greeting", "one_line", "sms_text", "spoken_text", "where", "words"]
