using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using GenCluster.Helm.Tests.Support;
using k8s;

namespace GenCluster.Helm.Tests.ApiServer;

/// <summary>
/// A real API server with its etcd and its controllers, on loopback, with its files in a temporary folder. Nothing schedules
/// and nothing runs pods: that is <see cref="Kubelet"/>'s.
/// </summary>
internal sealed class ApiServerProcesses : IAsyncDisposable
{
    private const string Version = "1.20.2";
    private const string Token = "admin-of-the-tests";

    private readonly string folder = Directory.CreateTempSubdirectory("gencluster-kubernetes-").FullName;
    private readonly List<Process> processes = [];

    private ApiServerProcesses()
    {
    }

    public string Kubeconfig => Path.Combine(folder, "kubeconfig");

    /// <summary>For what pods keep.</summary>
    public string Folder => folder;

    public int Port { get; private set; }

    public IKubernetes Client { get; private set; } = null!;

    public static async Task<ApiServerProcesses> StartAsync()
    {
        var server = new ApiServerProcesses();
        try
        {
            await server.StartAllAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Helm, against this server.</summary>
    public async Task<string> HelmAsync(params string[] arguments)
    {
        var answer = await HelmProgram.RunAsync([.. arguments, "--kubeconfig", Kubeconfig]);
        answer.Code.ShouldBe(0, $"helm {string.Join(' ', arguments)}: {answer.Error}{answer.Out}{Logs()}");
        return answer.Out;
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        foreach (var process in processes.AsEnumerable().Reverse())
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        Directory.Delete(folder, recursive: true);
    }

    /// <summary>What the containers have said, for whoever has to find out why.</summary>
    private string Logs() => string.Concat(Directory.Exists(Path.Combine(folder, "pods"))
        ? Directory.EnumerateFiles(Path.Combine(folder, "pods"), "*.log", SearchOption.AllDirectories).Select(f => $"\n--- {Path.GetFileName(f)}\n{string.Join('\n', File.ReadLines(f).TakeLast(20))}")
        : []);

    private async Task StartAllAsync()
    {
        int[] ports = FreePorts(4);
        Port = ports[2];
        string etcd = $"http://127.0.0.1:{ports[0]}", key = await KeyAsync();
        await File.WriteAllTextAsync(Path.Combine(folder, "tokens.csv"), $"{Token},admin,admin,\"system:masters\"\n");
        await File.WriteAllTextAsync(Kubeconfig, KubeconfigText());

        Start("/usr/bin/etcd", "--data-dir", Path.Combine(folder, "etcd"), "--listen-client-urls", etcd, "--advertise-client-urls", etcd,
            "--listen-peer-urls", $"http://127.0.0.1:{ports[1]}", "--unsafe-no-fsync");
        Start(Program("kube-apiserver"), $"--etcd-servers={etcd}", "--bind-address=127.0.0.1", "--advertise-address=127.0.0.1", $"--secure-port={Port}", "--insecure-port=0",
            $"--cert-dir={Path.Combine(folder, "certificates")}", $"--token-auth-file={Path.Combine(folder, "tokens.csv")}", "--authorization-mode=RBAC",
            "--service-account-issuer=https://kubernetes.default.svc", $"--service-account-signing-key-file={key}", $"--service-account-key-file={key}",
            "--service-cluster-ip-range=10.96.0.0/24", "--endpoint-reconciler-type=none");
        Client = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(Kubeconfig));
        await Eventually.HoldsAsync(IsReadyAsync, "the API server to be ready");
        Start(Program("kube-controller-manager"), $"--kubeconfig={Kubeconfig}", $"--service-account-private-key-file={key}", "--leader-elect=false",
            "--bind-address=127.0.0.1", $"--secure-port={ports[3]}", "--port=0", $"--cert-dir={Path.Combine(folder, "controllers")}",
            "--controllers=*,-nodeipam,-nodelifecycle,-service,-route,-cloud-node-lifecycle,-ttl,-attachdetach,-persistentvolume-binder");
    }

    private async Task<bool> IsReadyAsync()
    {
        processes.ShouldAllBe(p => !p.HasExited, $"see the logs in {folder}");
        try
        {
            await Client.CoreV1.ReadNamespaceAsync("kube-system");
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or k8s.Autorest.HttpOperationException)
        {
            return false;
        }
    }

    private static string Program(string name)
    {
        string cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } named
            ? named
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        string path = Path.Combine(cache, "gencluster", $"kubernetes-{Version}", name);
        Assert.SkipUnless(File.Exists(path), $"{name} is not here; build/kubernetes.sh builds it");
        return path;
    }

    private async Task<string> KeyAsync()
    {
        using var rsa = RSA.Create(2048);
        string path = Path.Combine(folder, "accounts.key");
        await File.WriteAllTextAsync(path, rsa.ExportRSAPrivateKeyPem());
        return path;
    }

    /// <summary>What it says goes to a file.</summary>
    private void Start(string program, params string[] arguments)
    {
        string log = Path.Combine(folder, Path.GetFileName(program) + ".log");
        string[] line = ["-c", "out=\"$1\"; shift; exec \"$@\" >\"$out\" 2>&1 </dev/null", "sh", log, program, .. arguments];
        processes.Add(Process.Start(new ProcessStartInfo("sh", line) { WorkingDirectory = folder })!);
    }

    private static int[] FreePorts(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        foreach (var listener in listeners)
            listener.Start();
        int[] ports = [.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        foreach (var listener in listeners)
            listener.Dispose();
        return ports;
    }

    private string KubeconfigText() =>
        $"""
        apiVersion: v1
        kind: Config
        current-context: tests
        clusters:
          - name: tests
            cluster:
              server: https://127.0.0.1:{Port}
              insecure-skip-tls-verify: true
        users:
          - name: admin
            user:
              token: {Token}
        contexts:
          - name: tests
            context:
              cluster: tests
              user: admin
        """;
}
