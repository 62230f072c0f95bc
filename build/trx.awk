# Prints "passed failed skipped" of a TRX file.
match($0, /<Counters [^>]*>/) {
  counters = substr($0, RSTART, RLENGTH)
  total = number("total"); passed = number("passed"); skipped = number("notExecuted")
  print passed, total - passed - skipped, skipped
  exit
}

function number(name,    at) {
  at = match(counters, " " name "=\"[0-9]+")
  return at ? substr(counters, RSTART + length(name) + 3, RLENGTH - length(name) - 3) + 0 : 0
}
