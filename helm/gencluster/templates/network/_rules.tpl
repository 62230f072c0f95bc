{{/* The pods of components, as peers of a rule. Takes (list $ "component"…). */}}
{{- define "gencluster.peers" -}}
{{- $root := first . -}}
{{- range $i, $component := rest . }}
{{- if $i }}{{ "\n" }}{{ end -}}
- podSelector:
    matchLabels:
      {{- include "gencluster.selector" (list $root $component) | nindent 6 }}
{{- end }}
{{- end -}}

{{- define "gencluster.dnsRule" -}}
- ports:
    - {port: 53, protocol: UDP}
    - {port: 53, protocol: TCP}
{{- end -}}

{{- define "gencluster.databaseRule" -}}
{{- if eq .Values.database.type "trial" -}}
- to:
    {{- include "gencluster.peers" (list . "trial-database") | nindent 4 }}
  ports:
    - {port: 5432, protocol: TCP}
{{- else if eq .Values.database.type "postgresql" -}}
- ports:
    - {port: {{ .Values.database.port }}, protocol: TCP}
{{- end -}}
{{- end -}}

{{/* An empty list of peers would let everybody in. */}}
{{- define "gencluster.metricsRule" -}}
{{- with .Values.networkPolicy.metricsFrom -}}
- from:
    {{- toYaml . | nindent 4 }}
  ports:
    - {port: {{ $.Values.metrics.port }}, protocol: TCP}
{{- end -}}
{{- end -}}
