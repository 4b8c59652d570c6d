{{/* Relay, consumers and jobs. Ready only with the database, NATS and its durables there. */}}
{{- define "service-lib.deployment-worker" -}}
{{- if .Values.enabled }}
{{- $ctx := dict "root" . "component" "worker" }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "service-lib.fullname" . }}-worker
  labels: {{- include "service-lib.labels" $ctx | nindent 4 }}
spec:
  {{- if not .Values.worker.autoscaling.enabled }}
  replicas: {{ .Values.worker.replicas }}
  {{- end }}
  selector:
    matchLabels: {{- include "service-lib.selectorLabels" $ctx | nindent 6 }}
  template:
    metadata:
      labels: {{- include "service-lib.labels" $ctx | nindent 8 }}
    spec:
      serviceAccountName: {{ include "service-lib.fullname" . }}
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: {{ include "service-lib.terminationGracePeriodSeconds" . }}
      securityContext: {{- include "service-lib.podSecurityContext" . | nindent 8 }}
      {{- with .Values.global.imagePullSecrets }}
      imagePullSecrets: {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
        - name: worker
          image: {{ include "service-lib.image" . | quote }}
          imagePullPolicy: {{ .Values.image.pullPolicy }}
          args: ["work"]
          ports:
            - {name: probes, containerPort: 8081}
          env: {{- include "service-lib.env" . | nindent 12 }}
          {{- include "service-lib.probes" . | nindent 10 }}
          resources: {{- toYaml .Values.worker.resources | nindent 12 }}
          securityContext: {{- include "service-lib.containerSecurityContext" . | nindent 12 }}
          volumeMounts: {{- include "service-lib.volumeMounts" . | nindent 12 }}
      volumes: {{- include "service-lib.volumes" . | nindent 8 }}
{{- end }}
{{- end }}
