{{/* An identity without rights: no service talks to the Kubernetes API. */}}
{{- define "service-lib.serviceaccount" -}}
{{- if .Values.enabled }}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "service-lib.fullname" . }}
  labels: {{- include "service-lib.labels" (dict "root" . "component" "identity") | nindent 4 }}
automountServiceAccountToken: false
{{- end }}
{{- end }}
