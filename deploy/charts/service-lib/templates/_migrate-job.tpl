{{/* Migrates before the new pods start. Uses no ServiceAccount, Secret or ConfigMap of this release: hooks run before
     those exist. The owner's secret is made by the data release. Logs stay until the next migration. */}}
{{- define "service-lib.migrate-job" -}}
{{- if .Values.enabled }}
{{- $prefix := include "service-lib.envPrefix" . }}
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ include "service-lib.fullname" . }}-migrate
  labels: {{- include "service-lib.labels" (dict "root" . "component" "migrate") | nindent 4 }}
  annotations:
    helm.sh/hook: pre-install,pre-upgrade
    helm.sh/hook-weight: "-5"
    helm.sh/hook-delete-policy: before-hook-creation
spec:
  backoffLimit: 1
  activeDeadlineSeconds: {{ .Values.migration.deadlineSeconds }}
  template:
    metadata:
      labels: {{- include "service-lib.labels" (dict "root" . "component" "migrate") | nindent 8 }}
    spec:
      restartPolicy: Never
      serviceAccountName: default
      automountServiceAccountToken: false
      securityContext: {{- include "service-lib.podSecurityContext" . | nindent 8 }}
      {{- with .Values.global.imagePullSecrets }}
      imagePullSecrets: {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
        - name: migrate
          image: {{ include "service-lib.image" . | quote }}
          imagePullPolicy: {{ .Values.image.pullPolicy }}
          args: ["migrate"]
          env:
            {{- include "service-lib.env" . | nindent 12 }}
            # The direct address: a pooler in transaction mode would drop the migration's lock.
            - name: {{ $prefix }}_DATABASE_OWNER_URL
              valueFrom:
                secretKeyRef: {name: {{ .Values.database.ownerSecret | quote }}, key: url}
          resources: {{- toYaml .Values.migration.resources | nindent 12 }}
          securityContext: {{- include "service-lib.containerSecurityContext" . | nindent 12 }}
          volumeMounts:
            - name: tmp
              mountPath: /tmp
      volumes:
        - name: tmp
          emptyDir:
            sizeLimit: {{ .Values.tmpSizeLimit | quote }}
{{- end }}
{{- end }}
