{{/* Prometheus scrapes the probe port of every pod, API and worker alike. */}}
{{- define "service-lib.podmonitor" -}}
{{- if and .Values.enabled .Values.monitoring.enabled }}
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata:
  name: {{ include "service-lib.fullname" . }}
  labels: {{- include "service-lib.labels" (dict "root" . "component" "monitoring") | nindent 4 }}
spec:
  selector:
    matchLabels:
      app.kubernetes.io/name: {{ include "service-lib.service" . }}
      app.kubernetes.io/instance: {{ .Release.Name }}
  podMetricsEndpoints:
    - port: probes
      path: /metrics
      interval: {{ .Values.monitoring.interval | quote }}
{{- end }}
{{- end }}
