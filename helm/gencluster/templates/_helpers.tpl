{{/* Names. 40 characters leave room for every suffix that Kubernetes and this chart add. */}}
{{- define "gencluster.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "gencluster.fullname" -}}
{{- $name := include "gencluster.name" . -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "gencluster.coordinator" -}}{{ include "gencluster.fullname" . }}-coordinator{{- end -}}
{{- define "gencluster.nodes" -}}{{ include "gencluster.fullname" . }}-nodes{{- end -}}
{{- define "gencluster.worker" -}}{{ include "gencluster.fullname" . }}-worker{{- end -}}
{{- define "gencluster.trialDatabase" -}}{{ include "gencluster.fullname" . }}-trial-database{{- end -}}
{{- define "gencluster.migration" -}}{{ include "gencluster.fullname" . }}-migrate{{- end -}}

{{/* What selects the pods of a component; it can never change. Takes (list $ "component"). */}}
{{- define "gencluster.selector" -}}
app.kubernetes.io/name: {{ include "gencluster.name" (index . 0) }}
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{/* What selects all pods of the release. */}}
{{- define "gencluster.releaseSelector" -}}
app.kubernetes.io/name: {{ include "gencluster.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* Labels of an object. Takes (list $ "component"). */}}
{{- define "gencluster.labels" -}}
{{- $root := index . 0 -}}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name ($root.Chart.Version | replace "+" "_") }}
{{ include "gencluster.selector" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
app.kubernetes.io/part-of: gencluster
{{- with $root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* An image. Takes (list $ image "default tag"). */}}
{{- define "gencluster.image" -}}
{{- $root := index . 0 -}}{{- $image := index . 1 -}}
{{- $repository := $image.repository -}}
{{- with $root.Values.image.registry }}{{ $repository = printf "%s/%s" (trimSuffix "/" .) $repository }}{{ end -}}
{{- if $image.digest -}}{{ printf "%s@%s" $repository $image.digest }}{{- else -}}{{ printf "%s:%s" $repository (default (index . 2) $image.tag) }}{{- end -}}
{{- end -}}

{{- define "gencluster.coordinatorImage" -}}
{{ include "gencluster.image" (list . .Values.coordinator.image .Chart.AppVersion) }}
{{- end -}}

{{- define "gencluster.pullSecrets" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "gencluster.coordinatorAccount" -}}
{{- default (ternary (include "gencluster.coordinator" .) "default" .Values.coordinator.serviceAccount.create) .Values.coordinator.serviceAccount.name -}}
{{- end -}}

{{- define "gencluster.workerAccount" -}}
{{- default (ternary (include "gencluster.worker" .) "default" .Values.worker.serviceAccount.create) .Values.worker.serviceAccount.name -}}
{{- end -}}

{{/* Addresses of all coordinator nodes, always in the same order: the first one begins a new cluster. */}}
{{- define "gencluster.nodeAddresses" -}}
{{- $nodes := list -}}
{{- range $i := until (int .Values.coordinator.replicas) -}}
{{- $nodes = append $nodes (printf "akka.tcp://gencluster@%s-%d.%s.%s.svc.%s:%d" (include "gencluster.coordinator" $) $i (include "gencluster.nodes" $) $.Release.Namespace $.Values.clusterDomain (int $.Values.coordinator.port)) -}}
{{- end -}}
{{- toJson $nodes -}}
{{- end -}}

{{/* Where the API is, from inside the cluster. */}}
{{- define "gencluster.apiHost" -}}{{ include "gencluster.fullname" . }}.{{ .Release.Namespace }}.svc.{{ .Values.clusterDomain }}{{- end -}}
{{- define "gencluster.server" -}}
{{ ternary "https" "http" (ne .Values.coordinator.httpsExistingSecret "") }}://{{ include "gencluster.apiHost" . }}:{{ .Values.coordinator.httpPort }}
{{- end -}}

{{/* Names that requests may call the API by. */}}
{{- define "gencluster.hostNames" -}}
{{- $names := prepend .Values.coordinator.hostNames (include "gencluster.apiHost" .) -}}
{{- if .Values.ingress.enabled -}}{{- $names = append $names .Values.ingress.host -}}{{- end -}}
{{- toJson (uniq $names) -}}
{{- end -}}

{{/* The program that is a trial of `helm test`. */}}
{{- define "gencluster.testCommand" -}}
["/bin/sh", "-c", "echo 'loss=0.5'"]
{{- end -}}

{{/* How the schema is migrated: job, init or none. */}}
{{- define "gencluster.migrationMode" -}}
{{- if eq .Values.database.type "sqlite" -}}none
{{- else if ne .Values.migration.mode "auto" -}}{{ .Values.migration.mode }}
{{- else -}}{{ ternary "init" "job" (eq .Values.database.type "trial") }}
{{- end -}}
{{- end -}}

{{- define "gencluster.tlsSecret" -}}
{{- default (printf "%s-tls" (include "gencluster.fullname" .)) .Values.tls.existingSecret -}}
{{- end -}}

{{- define "gencluster.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ . }}
runAsGroup: {{ . }}
fsGroup: {{ . }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "gencluster.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* What every .NET process gets: no diagnostics sockets on a read-only root, and a place for temporary files. */}}
{{- define "gencluster.env" -}}
- name: DOTNET_EnableDiagnostics
  value: "0"
- name: HOME
  value: /tmp
- name: TMPDIR
  value: /tmp
{{- end -}}

{{- define "gencluster.podIdentity" -}}
- name: POD_NAME
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
- name: POD_IP
  valueFrom:
    fieldRef:
      fieldPath: status.podIP
{{- end -}}

{{- define "gencluster.tlsArguments" -}}
{{- if not .Values.tls.enabled }}
- --insecure-network
{{- else }}
- --tls-certificate
- /etc/gencluster/tls/tls.crt
- --tls-key
- /etc/gencluster/tls/tls.key
- --tls-ca
- /etc/gencluster/tls/ca.crt
{{- end }}
{{- end -}}

{{- define "gencluster.metricsArguments" -}}
- --metrics-port
- {{ .Values.metrics.port | quote }}
- --metrics-bind
- 0.0.0.0
{{- end -}}

{{/* The trial database's connection string: the password is filled in by the kubelet, and stands in no manifest. */}}
{{- define "gencluster.trialDatabaseEnv" -}}
- name: TRIAL_DATABASE_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ .Values.database.trial.existingSecret }}
      key: {{ .Values.database.trial.existingSecretKey }}
- name: GENCLUSTER_DATABASE
  value: Host={{ include "gencluster.trialDatabase" . }};Port=5432;Database=gencluster;Username=gencluster;Password=$(TRIAL_DATABASE_PASSWORD)
{{- end -}}

{{/* A secret with a connection string, which is always the file `connection`. Takes (list secret key). */}}
{{- define "gencluster.connectionVolume" -}}
projected:
  defaultMode: 288 # 0440
  sources:
    - secret:
        name: {{ index . 0 }}
    {{- if ne (index . 1) "connection" }}
    - secret:
        name: {{ index . 0 }}
        items:
          - key: {{ index . 1 }}
            path: connection
    {{- end }}
{{- end -}}

{{/* Takes (list $ "component" name maxUnavailable). */}}
{{- define "gencluster.podDisruptionBudget" -}}
{{- $root := index . 0 -}}
apiVersion: {{ ternary "policy/v1" "policy/v1beta1" ($root.Capabilities.APIVersions.Has "policy/v1") }}
kind: PodDisruptionBudget
metadata:
  name: {{ index . 2 }}
  labels:
    {{- include "gencluster.labels" (list $root (index . 1)) | nindent 4 }}
spec:
  maxUnavailable: {{ index . 3 }}
  selector:
    matchLabels:
      {{- include "gencluster.selector" (list $root (index . 1)) | nindent 6 }}
{{- end -}}
