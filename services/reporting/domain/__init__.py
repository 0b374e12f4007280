"""What is counted and how; the standard library and `shared.errors` alone.

periods         the calendar: periods that are asked for, the months and quarters they fall apart in
facts           what reporting knows: activities, attendances, sign-ups, counts, outreach, the coalition
figures         a figure with its precision and status; rates and growth with the contract's rounding
subjects        what can be asked of each kind of fact: the days it counts on, its dimensions
indicators/     the registry: one pure function and one entry per indicator
evaluation      an indicator over facts: filters, cells, a total that is computed by itself
disclosure/     what the public may see of figures about people: hidden, rounded, exact; and the auditor of that
fact_sheet      the lines of "Resultaten tot nu toe"
quotations      figures of others, quoted and never recomputed
"""
