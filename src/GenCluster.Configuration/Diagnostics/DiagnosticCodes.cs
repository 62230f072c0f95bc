namespace GenCluster.Configuration.Diagnostics;

/// <summary>
/// All codes. A code is never reused: people search for it. GC00 is the file, GC01 a value, GC02 values that do not fit
/// together, GC03 the search space, GC04 files of other tools.
/// </summary>
public static class DiagnosticCodes
{
    public const string Unreadable = "GC0001";
    public const string TooLarge = "GC0002";
    public const string NotUtf8 = "GC0003";
    public const string ControlCharacter = "GC0004";
    public const string TabIndentation = "GC0005";
    public const string Syntax = "GC0006";
    public const string Alias = "GC0007";
    public const string Tag = "GC0008";
    public const string TooManyParts = "GC0009";
    public const string TooDeep = "GC0010";
    public const string SeveralDocuments = "GC0011";
    public const string DuplicateKey = "GC0012";
    public const string Empty = "GC0013";
    public const string BadKey = "GC0014";
    public const string TooManyMistakes = "GC0099";

    public const string UnknownKey = "GC0101";
    public const string MissingKey = "GC0102";
    public const string OutOfRange = "GC0103";
    public const string WrongType = "GC0104";
    public const string NotAChoice = "GC0105";
    public const string BadText = "GC0106";
    public const string ImpossibleRange = "GC0107";

    public const string ShardCount = "GC0201";
    public const string BatchNotDivisible = "GC0202";
    public const string ShardTooSmall = "GC0203";
    public const string NeverHappens = "GC0204";
    public const string TooFewHeldOut = "GC0205";
    public const string TooManyParallelTrials = "GC0206";
    public const string TooManyWorkers = "GC0207";
    public const string TooManyFailedTrials = "GC0208";
    public const string NothingToSearch = "GC0209";
    public const string RatioWithoutTopK = "GC0210";
    public const string SynchronizationKeys = "GC0211";
    public const string NothingToEncode = "GC0212";
    public const string NothingToOverlap = "GC0213";
    public const string WithinARound = "GC0214";
    public const string PrecisionNeedsCuda = "GC0215";
    public const string SharedWithoutMemory = "GC0216";

    public const string Misplaced = "GC0217";
    public const string RungWithoutEvaluation = "GC0218";
    public const string OptionOfAnother = "GC0219";
    public const string TooManySeedTrials = "GC0220";
    public const string RepeatedObjective = "GC0221";
    public const string NothingTakenOver = "GC0222";
    public const string WeightsDoNotFit = "GC0223";
    public const string TooFewTrials = "GC0224";
    public const string OwnOrigin = "GC0225";
    public const string UnknownMacro = "GC0226";

    public const string UnknownHyperparameter = "GC0301";
    public const string FixedTwice = "GC0302";
    public const string DistributionKeys = "GC0303";
    public const string DistributionType = "GC0304";
    public const string LogOfZero = "GC0305";
    public const string Probabilities = "GC0306";
    public const string RepeatedValue = "GC0307";
    public const string NothingToDraw = "GC0308";
    public const string BadExpression = "GC0309";
    public const string UnknownName = "GC0310";
    public const string CircularConditions = "GC0311";
    public const string NeverHolds = "GC0312";
    public const string CannotSearch = "GC0313";
    public const string Undecidable = "GC0314";
    public const string NothingAdmitted = "GC0315";

    public const string NotImportable = "GC0401";
    public const string ForeignValue = "GC0402";
    public const string ForeignSpace = "GC0403";
    public const string NothingToRun = "GC0404";
    public const string NotCarried = "GC0405";
    public const string ReadOtherwise = "GC0406";
    public const string SpaceElsewhere = "GC0407";
}
