# Prints the line coverage of one package over any number of Cobertura files; fails at or below the minimum.
#   awk -v package=GenCluster.Core -v minimum=90 -f coverage.awk *.cobertura.xml
# A line is covered where any suite ran it. Generated code does not count.
/<package / { inside = (attribute("name") == package || attribute("name") == package ".dll") }
/<class / { file = attribute("filename"); written = file !~ /\/obj\// && file !~ /\.g\.cs$/ }
/<line / && inside && written {
  line = file ":" attribute("number")
  if (!(line in lines)) { lines[line] = 0; total++ }
  if (attribute("hits") > 0 && !lines[line]) { lines[line] = 1; hit++ }
}
END {
  percent = total ? 100 * hit / total : 0
  printf "%.1f %% of %d lines\n", percent, total
  if (percent <= minimum) {
    for (line in lines) if (!lines[line]) print "not covered: " line | "sort -t: -k2,2 -k3,3n"
    exit 1
  }
}

function attribute(name,    rest) {
  if (!match($0, " " name "=\"[^\"]*\"")) return ""
  rest = substr($0, RSTART + length(name) + 3)
  return substr(rest, 1, index(rest, "\"") - 1)
}
