namespace GenCluster.Server.Api;

/// <summary>Why a request is not served: a code for programs, which stays, and the status that goes with it.</summary>
public sealed record ProblemKind(string Code, int Status, string Title)
{
    /// <summary>The request is not what the API understands.</summary>
    public static readonly ProblemKind BadRequest = new("bad-request", 400, "bad request");

    /// <summary>The sweep file has mistakes; they are in <c>diagnostics</c>.</summary>
    public static readonly ProblemKind Mistakes = new("mistakes-in-file", 400, "mistakes in the sweep file");

    /// <summary>Nobody knows who asks.</summary>
    public static readonly ProblemKind Unauthenticated = new("unauthenticated", 401, "who is that?");

    /// <summary>The request names another host, comes from another site's page, or needs another role.</summary>
    public static readonly ProblemKind Forbidden = new("forbidden", 403, "forbidden");

    /// <summary>There is nothing of that name.</summary>
    public static readonly ProblemKind NotFound = new("not-found", 404, "not found");

    /// <summary>It does not fit the state that the sweep or the trial is in, or the name is taken.</summary>
    public static readonly ProblemKind Conflict = new("conflict", 409, "refused");

    /// <summary>Somebody changed the sweep in the meantime.</summary>
    public static readonly ProblemKind OtherVersion = new("other-version", 412, "another version");

    /// <summary>The body is too large.</summary>
    public static readonly ProblemKind TooLarge = new("too-large", 413, "too large");

    /// <summary>The body is of a type that is not understood.</summary>
    public static readonly ProblemKind NotYaml = new("not-yaml", 415, "not YAML");

    /// <summary>It can never be served as it is.</summary>
    public static readonly ProblemKind Refused = new("refused", 422, "refused");

    /// <summary>A change must say which version it changes.</summary>
    public static readonly ProblemKind NoVersion = new("no-version", 428, "no version");

    /// <summary>The caller asks more than one may; <c>Retry-After</c> says when to ask again.</summary>
    public static readonly ProblemKind TooMany = new("too-many", 429, "too many requests");

    /// <summary>A defect of the server.</summary>
    public static readonly ProblemKind Defect = new("defect", 500, "a defect");

    /// <summary>The same request will be served later; <c>Retry-After</c> says when.</summary>
    public static readonly ProblemKind NotNow = new("not-now", 503, "not now");

    public static IReadOnlyList<ProblemKind> All { get; } =
        [BadRequest, Mistakes, Unauthenticated, Forbidden, NotFound, Conflict, OtherVersion, TooLarge, NotYaml, Refused, NoVersion, TooMany, Defect, NotNow];
}
