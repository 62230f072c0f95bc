using System.Globalization;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using GenCluster.Core.Checkpoints;
using GenCluster.Core.Identity;

namespace GenCluster.Checkpoints.S3;

/// <summary>
/// Checkpoints in a bucket of an S3-compatible server: <c>prefix/sweep/0001/</c> for each trial. Credentials come from
/// where all AWS tools take them: the environment, <c>~/.aws</c>, or the identity of the pod or the machine.
/// </summary>
public sealed class S3CheckpointStores : ICheckpointStores, IDisposable
{
    private readonly CheckpointAddress.Bucket address;
    private readonly S3Options options;
    private readonly TimeProvider clock;
    private readonly AmazonS3Client client;

    /// <exception cref="StorageException">Nobody says in which region the bucket is.</exception>
    public S3CheckpointStores(CheckpointAddress.Bucket address, S3Options options, TimeProvider clock)
        : this(address, options, clock, null)
    {
    }

    internal S3CheckpointStores(CheckpointAddress.Bucket address, S3Options options, TimeProvider clock, AWSCredentials? credentials)
    {
        (this.address, this.options, this.clock) = (address, options, clock);
        try
        {
            client = credentials is null ? new AmazonS3Client(Settings()) : new AmazonS3Client(credentials, Settings());
        }
        catch (AmazonClientException e) when (address is { Endpoint: null, Region: null })
        {
            throw new StorageException(
                $"s3://{address.Name}/{address.Prefix}".TrimEnd('/'), "its region is not known; add ?region=name to the address, or set AWS_REGION", e, "opened");
        }
    }

    public ICheckpointStore Open(Lease lease, CancellationToken cancellation)
    {
        string trial = string.Create(CultureInfo.InvariantCulture, $"{lease.Trial.Sweep}/{lease.Trial.Number:D4}/");
        string folder = address.Prefix.Length == 0 ? trial : $"{address.Prefix}/{trial}";
        var calls = new S3Calls(client, address.Name, folder, options, clock, cancellation);
        return new S3CheckpointStore(calls, options.PartBytes, options.SpoolFolder, lease.Epoch);
    }

    public void Dispose() => client.Dispose();

    private AmazonS3Config Settings()
    {
        var settings = new AmazonS3Config
        {
            MaxErrorRetry = 0, // repetitions are ours: they keep to a deadline
            Timeout = options.RequestTimeout,
            DisableLogging = true,

            // Newer ways to send checksums, which older servers do not understand. Ours is the blob's name.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (address.Endpoint is { } endpoint)
        {
            settings.ServiceURL = endpoint.ToString();
            settings.ForcePathStyle = true; // few of them have a host name for each bucket
            settings.AuthenticationRegion = address.Region ?? Environment.GetEnvironmentVariable("AWS_REGION") ?? "us-east-1";
        }
        else if (address.Region is { } region)
        {
            settings.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }

        return settings;
    }
}
