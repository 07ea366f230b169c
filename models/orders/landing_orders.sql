{{ trustgate.landing() }}
