{{/* What the schema cannot say: values that do not go together. Every message names the keys and what to do. */}}
{{- define "gencluster.validate" -}}
{{- $faults := list -}}
{{- $v := .Values -}}
{{- if and (eq $v.database.type "sqlite") (gt (int $v.coordinator.replicas) 1) -}}
{{- $faults = append $faults "coordinator.replicas is 3 and database.type is sqlite, which is for one node alone: set database.type to postgresql, or coordinator.replicas to 1" -}}
{{- end -}}
{{- if and (eq $v.database.type "postgresql") (not $v.database.existingSecret) -}}
{{- $faults = append $faults "database.type is postgresql and database.existingSecret is empty: name a secret whose key 'connection' holds a connection string" -}}
{{- end -}}
{{- if and (eq $v.database.type "trial") (not $v.database.trial.existingSecret) -}}
{{- $faults = append $faults "database.type is trial and database.trial.existingSecret is empty: name a secret whose key 'password' holds a password of letters and digits" -}}
{{- end -}}
{{- if and (eq $v.database.type "trial") (eq $v.migration.mode "job") -}}
{{- $faults = append $faults "migration.mode is job and database.type is trial: that job runs before the trial database is there; set migration.mode to auto or init" -}}
{{- end -}}
{{- if and $v.migration.existingSecret (ne $v.database.type "postgresql") -}}
{{- $faults = append $faults (printf "migration.existingSecret goes with database.type postgresql, which is %s here: leave it empty" $v.database.type) -}}
{{- end -}}
{{- if and (eq $v.auth.mode "tokens") (not $v.auth.tokens.existingSecret) -}}
{{- $faults = append $faults "auth.mode is tokens and auth.tokens.existingSecret is empty: name a secret whose key 'tokens' holds a tokens file" -}}
{{- end -}}
{{- if and (eq $v.auth.mode "oidc") (not $v.auth.oidc.authority) -}}
{{- $faults = append $faults "auth.mode is oidc and auth.oidc.authority is empty: give the issuer's address, like https://id.example.org" -}}
{{- end -}}
{{- if and (eq $v.auth.mode "oidc") (not (concat $v.auth.roles.admin $v.auth.roles.submitter $v.auth.roles.viewer)) -}}
{{- $faults = append $faults "auth.mode is oidc and auth.roles are empty: nobody could do anything; say which values of the role claim are admin, submitter or viewer" -}}
{{- end -}}
{{- if and (eq $v.auth.mode "none") $v.ingress.enabled -}}
{{- $faults = append $faults "ingress.enabled is true and auth.mode is none: then the API answers inside its pod only; choose kubernetes, tokens or oidc as auth.mode" -}}
{{- end -}}
{{- if and (eq $v.auth.mode "none") (ne $v.coordinator.service.type "ClusterIP") -}}
{{- $faults = append $faults (printf "coordinator.service.type is %s and auth.mode is none: then the API answers inside its pod only; choose kubernetes, tokens or oidc as auth.mode" $v.coordinator.service.type) -}}
{{- end -}}
{{- if and (eq $v.auth.mode "none") $v.coordinator.httpsExistingSecret -}}
{{- $faults = append $faults "coordinator.httpsExistingSecret is set and auth.mode is none: then the API answers inside its pod only; choose kubernetes, tokens or oidc as auth.mode" -}}
{{- end -}}
{{- if and $v.ingress.enabled (not $v.ingress.host) -}}
{{- $faults = append $faults "ingress.enabled is true and ingress.host is empty: give the name that clients use, like gencluster.example.org" -}}
{{- end -}}
{{- if and $v.tls.enabled (not $v.tls.existingSecret) (not $v.tls.certManager.issuer) -}}
{{- $faults = append $faults "tls.enabled is true and nothing says where certificates come from: set tls.existingSecret or tls.certManager.issuer" -}}
{{- end -}}
{{- if and $v.tls.existingSecret $v.tls.certManager.issuer -}}
{{- $faults = append $faults "tls.existingSecret and tls.certManager.issuer do not go together: certificates come from one of them" -}}
{{- end -}}
{{- if and $v.tls.enabled $v.tls.certManager.issuer (not (.Capabilities.APIVersions.Has "cert-manager.io/v1")) -}}
{{- $faults = append $faults "tls.certManager.issuer is set and this cluster has no cert-manager.io/v1: install cert-manager, or set tls.existingSecret" -}}
{{- end -}}
{{- if and (eq $v.worker.autoscaling.type "keda") (not $v.worker.autoscaling.serverAddress) -}}
{{- $faults = append $faults "worker.autoscaling.type is keda and worker.autoscaling.serverAddress is empty: give the Prometheus server's address" -}}
{{- end -}}
{{- if and (eq $v.worker.autoscaling.type "keda") (not (.Capabilities.APIVersions.Has "keda.sh/v1alpha1")) -}}
{{- $faults = append $faults "worker.autoscaling.type is keda and this cluster has no keda.sh/v1alpha1: install KEDA, or choose hpa or none" -}}
{{- end -}}
{{- if and (eq $v.worker.autoscaling.type "hpa") (lt (int $v.worker.autoscaling.minReplicas) 1) -}}
{{- $faults = append $faults "worker.autoscaling.minReplicas is 0 and worker.autoscaling.type is hpa, which cannot begin from none: set it to 1 or more, or choose keda" -}}
{{- end -}}
{{- if and (ne $v.worker.autoscaling.type "none") (gt (int $v.worker.autoscaling.minReplicas) (int $v.worker.autoscaling.maxReplicas)) -}}
{{- $faults = append $faults (printf "worker.autoscaling.minReplicas (%d) is above worker.autoscaling.maxReplicas (%d)" (int $v.worker.autoscaling.minReplicas) (int $v.worker.autoscaling.maxReplicas)) -}}
{{- end -}}
{{- if and $v.worker.kueue.queueName $v.worker.volcano.queueName -}}
{{- $faults = append $faults "worker.kueue.queueName and worker.volcano.queueName do not go together: a pod waits in one queue" -}}
{{- end -}}
{{- if and $v.worker.kueue.queueName (ne $v.worker.autoscaling.type "none") (eq $v.worker.kind "StatefulSet") -}}
{{- $faults = append $faults "worker.kueue.queueName with worker.kind StatefulSet does not scale: set worker.kind to Deployment, or worker.autoscaling.type to none" -}}
{{- end -}}
{{- if and (hasPrefix "file:" $v.worker.checkpoints) (not $v.worker.extraVolumeMounts) (not $v.worker.runs.existingClaim) -}}
{{- $faults = append $faults "worker.checkpoints is a folder, and nothing is mounted that all workers share: set worker.runs.existingClaim, or worker.extraVolumes and worker.extraVolumeMounts" -}}
{{- end -}}
{{- if and $v.worker.checkpointsExistingSecret (not (hasPrefix "s3:" $v.worker.checkpoints)) -}}
{{- $faults = append $faults "worker.checkpointsExistingSecret is for worker.checkpoints in a bucket: give an address like s3://bucket/prefix?region=eu-central-1, or leave the secret away" -}}
{{- end -}}
{{- if le (int $v.worker.terminationGracePeriodSeconds) 30 -}}
{{- $faults = append $faults (printf "worker.terminationGracePeriodSeconds is %d: a worker needs more than 30 to hand its trial over" (int $v.worker.terminationGracePeriodSeconds)) -}}
{{- end -}}
{{- $ports := list (int $v.coordinator.port) (int $v.coordinator.httpPort) (int $v.metrics.port) -}}
{{- if ne (len $ports) (len (uniq $ports)) -}}
{{- $faults = append $faults (printf "coordinator.port, coordinator.httpPort and metrics.port must differ, and are %d, %d and %d" (index $ports 0) (index $ports 1) (index $ports 2)) -}}
{{- end -}}
{{- $ports = list (int $v.worker.port) (int $v.worker.dataPort) (int $v.metrics.port) -}}
{{- if ne (len $ports) (len (uniq $ports)) -}}
{{- $faults = append $faults (printf "worker.port, worker.dataPort and metrics.port must differ, and are %d, %d and %d" (index $ports 0) (index $ports 1) (index $ports 2)) -}}
{{- end -}}
{{- if $faults -}}
{{- fail (printf "\n\nThese values do not go together:\n- %s\n" (join "\n- " $faults)) -}}
{{- end -}}
{{- end -}}
