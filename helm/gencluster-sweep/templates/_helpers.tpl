{{- define "sweep.fullname" -}}
{{- default .Release.Name .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "sweep.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "sweep.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name (.Chart.Version | replace "+" "_") }}
{{ include "sweep.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: gencluster
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "sweep.account" -}}
{{- default (ternary (include "sweep.fullname" .) "default" .Values.serviceAccount.create) .Values.serviceAccount.name -}}
{{- end -}}

{{/* The sweep's name: as it was said, or as its file says. */}}
{{- define "sweep.name" -}}
{{- if .Values.sweepName -}}{{ .Values.sweepName }}
{{- else if .Values.sweep -}}{{ get (fromYaml .Values.sweep) "name" }}
{{- end -}}
{{- end -}}

{{- define "sweep.configMap" -}}
{{- default (include "sweep.fullname" .) .Values.existingConfigMap -}}
{{- end -}}

{{- define "sweep.image" -}}
{{- $repository := .Values.image.repository -}}
{{- with .Values.image.registry }}{{ $repository = printf "%s/%s" (trimSuffix "/" .) $repository }}{{ end -}}
{{- if .Values.image.digest -}}{{ printf "%s@%s" $repository .Values.image.digest }}{{- else -}}{{ printf "%s:%s" $repository (default .Chart.AppVersion .Values.image.tag) }}{{- end -}}
{{- end -}}

{{/* A job cannot be changed, so another one takes its place whenever anything about it is other than before. */}}
{{- define "sweep.job" -}}
{{ include "sweep.fullname" . }}-{{ printf "%s %s %s" .Chart.Version .Chart.AppVersion (toJson .Values) | sha256sum | trunc 10 }}
{{- end -}}

{{/* The port that the server listens on. */}}
{{- define "sweep.port" -}}
{{- $port := regexFind ":[0-9]+$" (urlParse .Values.server).host | trimPrefix ":" -}}
{{- default (ternary "443" "80" (hasPrefix "https:" .Values.server)) $port -}}
{{- end -}}

{{/* The pod that runs one command. Takes (dict "root" $ "name" container "args" list). */}}
{{- define "sweep.pod" -}}
{{- $ := .root -}}
{{- with $.Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
restartPolicy: Never
serviceAccountName: {{ include "sweep.account" $ }}
automountServiceAccountToken: false
enableServiceLinks: false
terminationGracePeriodSeconds: 30
{{- with $.Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 1654
  runAsGroup: 1654
  fsGroup: 1654
  seccompProfile:
    type: RuntimeDefault
containers:
  - name: {{ .name }}
    image: {{ include "sweep.image" $ }}
    imagePullPolicy: {{ $.Values.image.pullPolicy }}
    command: [gencluster]
    args:
      {{- toYaml .args | nindent 6 }}
    env:
      - name: DOTNET_EnableDiagnostics
        value: "0"
      - name: HOME
        value: /tmp
      - name: TMPDIR
        value: /tmp
      - name: USER # who asks, for the record where there is no authentication
        value: {{ $.Release.Namespace }}/{{ $.Release.Name }}
      {{- if ne $.Values.auth.mode "none" }}
      - name: GENCLUSTER_TOKEN_FILE
        value: /etc/gencluster/token/token
      {{- end }}
      {{- if $.Values.caExistingSecret }}
      - name: SSL_CERT_FILE
        value: /etc/gencluster/authority/ca.crt
      {{- end }}
      {{- with $.Values.extraEnv }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
    resources:
      {{- toYaml $.Values.job.resources | nindent 6 }}
    securityContext:
      allowPrivilegeEscalation: false
      readOnlyRootFilesystem: true
      capabilities:
        drop: [ALL]
    volumeMounts:
      - name: tmp
        mountPath: /tmp
      {{- if eq .name "follow" }}
      - name: sweep
        mountPath: /etc/gencluster/sweep
        readOnly: true
      {{- end }}
      {{- if ne $.Values.auth.mode "none" }}
      - name: token
        mountPath: /etc/gencluster/token
        readOnly: true
      {{- end }}
      {{- if $.Values.caExistingSecret }}
      - name: authority
        mountPath: /etc/gencluster/authority
        readOnly: true
      {{- end }}
volumes:
  - name: tmp
    emptyDir: {sizeLimit: 1Gi}
  {{- if eq .name "follow" }}
  - name: sweep
    configMap:
      name: {{ include "sweep.configMap" $ }}
      items:
        - key: {{ ternary $.Values.existingConfigMapKey "sweep.yaml" (ne $.Values.existingConfigMap "") }}
          path: sweep.yaml
  {{- end }}
  {{- with $.Values.caExistingSecret }}
  - name: authority
    secret:
      secretName: {{ . }}
      items:
        - key: ca.crt
          path: ca.crt
  {{- end }}
  {{- if eq $.Values.auth.mode "kubernetes" }}
  - name: token
    projected:
      defaultMode: 288 # 0440
      sources:
        - serviceAccountToken:
            audience: {{ $.Values.auth.audience }}
            expirationSeconds: 3600
            path: token
  {{- else if eq $.Values.auth.mode "token" }}
  - name: token
    secret:
      secretName: {{ $.Values.auth.existingSecret }}
      defaultMode: 288 # 0440
      items:
        - key: {{ $.Values.auth.existingSecretKey }}
          path: token
  {{- end }}
{{- with $.Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $.Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $.Values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* What each exit code of the command means for a job: 1 the sweep failed, 2 wrong input, 5 no answer, 130 told to leave. */}}
{{- define "sweep.failurePolicy" -}}
{{- if semverCompare ">=1.26.0-0" .root.Capabilities.KubeVersion.Version -}}
podFailurePolicy:
  rules:
    - action: Ignore # the node was drained, or somebody with more rights came
      onPodConditions:
        - {type: DisruptionTarget, status: "True"}
    - action: Ignore
      onExitCodes:
        containerName: {{ .name }}
        operator: In
        values: [130, 143]
    - action: FailJob
      onExitCodes:
        containerName: {{ .name }}
        operator: In
        values: [1, 2]
{{- end -}}
{{- end -}}

{{- define "sweep.validate" -}}
{{- $faults := list -}}
{{- $v := .Values -}}
{{- if not $v.server -}}
{{- $faults = append $faults "server is empty: give the API of the coordinators, as the notes of the chart gencluster tell it" -}}
{{- end -}}
{{- if and $v.sweep $v.existingConfigMap -}}
{{- $faults = append $faults "sweep and existingConfigMap do not go together: the sweep file comes from one of them" -}}
{{- else if not (or $v.sweep $v.existingConfigMap) -}}
{{- $faults = append $faults "there is no sweep file: give one with --set-file sweep=sweep.yaml, or name a ConfigMap as existingConfigMap" -}}
{{- end -}}
{{- if $v.sweep -}}
{{- $file := fromYaml $v.sweep -}}
{{- if hasKey $file "Error" -}}
{{- $faults = append $faults (printf "sweep is no YAML: %s" (get $file "Error")) -}}
{{- else if and $v.sweepName (hasKey $file "name") (ne $v.sweepName (toString (get $file "name"))) -}}
{{- $faults = append $faults (printf "sweepName is '%s' and the file's name is '%s': leave sweepName away" $v.sweepName (toString (get $file "name"))) -}}
{{- else if not (or $v.sweepName (get $file "name")) -}}
{{- $faults = append $faults "the sweep has no name: write one into its file, or set sweepName" -}}
{{- end -}}
{{- else if and $v.existingConfigMap (not $v.sweepName) -}}
{{- $faults = append $faults "existingConfigMap is set and sweepName is empty: say the name that the sweep has in that file, by which it is cancelled" -}}
{{- end -}}
{{- if and (eq $v.auth.mode "token") (not $v.auth.existingSecret) -}}
{{- $faults = append $faults "auth.mode is token and auth.existingSecret is empty: name a secret whose key 'token' holds a token that may submit" -}}
{{- end -}}
{{- if $faults -}}
{{- fail (printf "\n\nThese values do not go together:\n- %s\n" (join "\n- " $faults)) -}}
{{- end -}}
{{- end -}}
