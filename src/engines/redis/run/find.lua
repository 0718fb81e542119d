-- Returns the record. Its first part is empty if there is no run.
return record()
