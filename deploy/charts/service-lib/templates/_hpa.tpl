{{/* Scales the API by CPU. The worker scales by KEDA; one target never has both. */}}
{{- define "service-lib.hpa" -}}
{{- if and .Values.enabled .Values.api.autoscaling.enabled }}
{{- $ctx := dict "root" . "component" "api" }}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ include "service-lib.fullname" . }}-api
  labels: {{- include "service-lib.labels" $ctx | nindent 4 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ include "service-lib.fullname" . }}-api
  minReplicas: {{ .Values.api.autoscaling.minReplicas }}
  maxReplicas: {{ .Values.api.autoscaling.maxReplicas }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target: {type: Utilization, averageUtilization: {{ .Values.api.autoscaling.targetCpuPercent }}}
{{- end }}
{{- end }}
