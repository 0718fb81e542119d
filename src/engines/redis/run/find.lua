-- Answers the record: nothing in its first part where there is no run.
return record()
