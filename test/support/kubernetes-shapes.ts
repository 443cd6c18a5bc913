import type { FieldType, Struct } from '../fakes/kubelet/go-json.ts';

/**
 * What of Kubernetes' and OpenShift's types the files in deploy/ use, field by field: an unknown
 * field is a mistyped one. Sources: k8s.io/api (core/v1, apps/v1, batch/v1, rbac/v1),
 * openshift/api (machineconfiguration/v1) with the Ignition specification 3.2.
 */
const some = (type: FieldType) => ({ type, optional: true as const });
const must = (type: FieldType) => ({ type });
const STRINGS: FieldType = { map: 'string' };

const META: Struct = {
  name: must('string'),
  namespace: some('string'),
  labels: some(STRINGS),
  annotations: some(STRINGS),
};

const object = (kind: Struct): Struct => ({
  apiVersion: must('string'),
  kind: must('string'),
  metadata: must({ struct: META }),
  ...kind,
});

const CONTAINER: Struct = {
  name: must('string'),
  image: must('string'),
  command: some({ list: 'string' }),
  env: some({ list: { name: must('string'), value: must('string') } }),
  securityContext: some({
    struct: {
      privileged: some('boolean'),
      allowPrivilegeEscalation: some('boolean'),
      readOnlyRootFilesystem: some('boolean'),
      runAsNonRoot: some('boolean'),
      runAsUser: some('number'),
      capabilities: some({ struct: { drop: some({ list: 'string' }) } }),
      seccompProfile: some({ struct: { type: must('string') } }),
    },
  }),
  resources: some({ struct: { requests: some(STRINGS), limits: some(STRINGS) } }),
  readinessProbe: some({ struct: { exec: must({ struct: { command: must({ list: 'string' }) } }) } }),
  volumeMounts: some({
    list: { name: must('string'), mountPath: must('string'), readOnly: some('boolean') },
  }),
};

const TOKEN: Struct = {
  serviceAccountToken: must({
    struct: { path: must('string'), audience: must('string'), expirationSeconds: must('number') },
  }),
};

const POD: Struct = {
  serviceAccountName: some('string'),
  automountServiceAccountToken: some('boolean'),
  hostPID: some('boolean'),
  securityContext: some({ struct: { fsGroup: some('number') } }),
  restartPolicy: some('string'),
  tolerations: some({ list: { operator: must('string') } }),
  containers: must({ list: CONTAINER }),
  volumes: some({
    list: {
      name: must('string'),
      hostPath: some({ struct: { path: must('string'), type: some('string') } }),
      configMap: some({ struct: { name: must('string') } }),
      secret: some({ struct: { secretName: must('string'), defaultMode: some('number') } }),
      emptyDir: some({ struct: { medium: some('string') } }),
      projected: some({ struct: { sources: must({ list: TOKEN }) } }),
    },
  }),
};

const TEMPLATE: Struct = {
  metadata: some({ struct: { labels: some(STRINGS) } }),
  spec: must({ struct: POD }),
};

const ROLE = object({
  rules: must({
    list: {
      apiGroups: must({ list: 'string' }),
      resources: must({ list: 'string' }),
      resourceNames: some({ list: 'string' }),
      verbs: must({ list: 'string' }),
    },
  }),
});

const BINDING = object({
  roleRef: must({ struct: { apiGroup: must('string'), kind: must('string'), name: must('string') } }),
  subjects: must({
    list: {
      apiGroup: some('string'),
      kind: must('string'),
      name: must('string'),
      namespace: some('string'),
    },
  }),
});

export const KUBERNETES: Readonly<Record<string, Struct>> = {
  Namespace: object({}),
  ConfigMap: object({ data: must(STRINGS) }),
  ServiceAccount: object({}),
  Role: ROLE,
  ClusterRole: ROLE,
  RoleBinding: BINDING,
  ClusterRoleBinding: BINDING,
  DaemonSet: object({
    spec: must({
      struct: {
        selector: must({ struct: { matchLabels: must(STRINGS) } }),
        updateStrategy: some({
          struct: {
            type: some('string'),
            rollingUpdate: some({ struct: { maxUnavailable: must('string') } }),
          },
        }),
        minReadySeconds: some('number'),
        template: must({ struct: TEMPLATE }),
      },
    }),
  }),
  CronJob: object({
    spec: must({
      struct: {
        schedule: must('string'),
        concurrencyPolicy: some('string'),
        startingDeadlineSeconds: some('number'),
        successfulJobsHistoryLimit: some('number'),
        jobTemplate: must({
          struct: {
            spec: must({
              struct: {
                backoffLimit: some('number'),
                activeDeadlineSeconds: some('number'),
                template: must({ struct: TEMPLATE }),
              },
            }),
          },
        }),
      },
    }),
  }),
  MachineConfig: object({
    spec: must({
      struct: {
        config: must({
          struct: {
            ignition: must({ struct: { version: must('string') } }),
            storage: must({
              struct: {
                files: must({
                  list: {
                    path: must('string'),
                    mode: must('number'),
                    overwrite: must('boolean'),
                    contents: must({ struct: { source: must('string') } }),
                  },
                }),
              },
            }),
            systemd: must({
              struct: {
                units: must({
                  list: { name: must('string'), enabled: must('boolean'), contents: must('string') },
                }),
              },
            }),
          },
        }),
      },
    }),
  }),
};

/** cloud-init's modules write_files and runcmd. */
export const CLOUD_INIT: Struct = {
  write_files: must({ list: { path: must('string'), permissions: must('string'), content: must('string') } }),
  runcmd: must('any'),
};

export interface KubernetesObject {
  kind: string;
  metadata: { name: string; namespace?: string };
  data?: Record<string, string>;
  spec?: Record<string, unknown>;
  rules?: { apiGroups: string[]; resources: string[]; verbs: string[] }[];
  roleRef?: { kind: string; name: string };
  subjects?: { kind: string; name: string }[];
}
